/**
 * Strict base64url: only its alphabet, no padding (RFC 7515 s2), and zeros as unused bits (RFC 4648 s3.5). Node's decoder is
 * lenient: it skips unknown characters, accepts plain base64, and looks only at the low byte of a character.
 */

/** Possible last characters of an incomplete group of four. All other characters have unused bits that are not zero. */
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'

/**
 * Decodes a text.
 * @param bytes - the buffer for the result
 * @returns the number of decoded bytes; `undefined` if the text is not strict base64url
 */
export function decodeBase64url(text: string, bytes: Buffer): number | undefined {
  // a text with as many bytes as characters is ASCII
  if (Buffer.byteLength(text) !== text.length || text.includes('+') || text.includes('/')) {
    return undefined
  }
  const length = bytes.write(text, 'base64url')
  // each skipped character would be six bits less
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
