/**
 * Base64url in its one spelling: no other letters, no padding (RFC 7515 s2), and no spare bits but zeros
 * (RFC 4648 s3.5). Node decodes; its decoder skips what is no letter to it, reads those of plain base64 too, and takes a
 * character for what its lowest byte is.
 */

/** What a text can end with whose last four letters are not complete: the others have bits that belong to no byte. */
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'

/**
 * Decodes a text.
 * @param bytes - room for what comes out
 * @returns how many bytes came out; `undefined` where the text is none, or has another spelling
 */
export function decodeBase64url(text: string, bytes: Buffer): number | undefined {
  // what has as many bytes as characters is ASCII
  if (Buffer.byteLength(text) !== text.length || text.includes('+') || text.includes('/')) {
    return undefined
  }
  const length = bytes.write(text, 'base64url')
  // each letter that was skipped is six bits less
  if (length !== Math.floor((text.length * 3) / 4)) return undefined
  return isEndComplete(text) ? length : undefined
}

function isEndComplete(text: string): boolean {
  const rest = text.length % 4
  if (rest === 0) return true
  const last = text.charAt(text.length - 1)
  if (rest === 2) return LAST_OF_TWO.includes(last)
  return rest === 3 && LAST_OF_THREE.includes(last)
}
