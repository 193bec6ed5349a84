/**
 * Detects duplicate members in JSON, of which `JSON.parse` silently keeps only the last (RFC 8259 s4). In an access map, a reader
 * would see two rules for a route, one without effect. A member named `__proto__` is lost when its object is copied.
 */

// the parts of JSON that matter here; all other parts contain no quotes and no brackets
const PARTS = /"(?:[^"\\]+|\\.)*"(\s*:)?|[{}[\]]/gs

/** @param text - valid JSON */
export function hasAmbiguousMembers(text: string): boolean {
  const open: Set<string>[] = []
  for (const [part, colon] of text.matchAll(PARTS)) {
    if (part === '{' || part === '[') open.push(new Set())
    else if (part === '}' || part === ']') open.pop()
    // the same name may be escaped differently: "a" and "\u0061"
    else if (colon && !isNew(JSON.parse(part.slice(0, -colon.length)), open.at(-1))) return true
  }
  return false
}

function isNew(name: string, names: Set<string> | undefined): boolean {
  if (name === '__proto__' || names?.has(name)) return false
  names?.add(name)
  return true
}
