/**
 * Whether JSON names a member twice, of which `JSON.parse` keeps the last and says nothing (RFC 8259 s4): whoever reads a map
 * of rules would see two rules for a route, and one of them would not count. Nor does a member named `__proto__` count in a
 * copy of its object.
 */

// the parts of JSON that matter here; whatever else there is has no quotes and no brackets
const PARTS = /"(?:[^"\\]+|\\.)*"(\s*:)?|[{}[\]]/gs

/** @param text - what `JSON.parse` takes */
export function hasAmbiguousMembers(text: string): boolean {
  const open: Set<string>[] = []
  for (const [part, colon] of text.matchAll(PARTS)) {
    if (part === '{' || part === '[') open.push(new Set())
    else if (part === '}' || part === ']') open.pop()
    // two names may be spelled differently: "a" and "\u0061"
    else if (colon && !isNew(JSON.parse(part.slice(0, -colon.length)), open.at(-1))) return true
  }
  return false
}

function isNew(name: string, names: Set<string> | undefined): boolean {
  if (name === '__proto__' || names?.has(name)) return false
  names?.add(name)
  return true
}
