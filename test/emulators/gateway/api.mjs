/**
 * The functions behind the authorizers: they answer with the claims that reached them.
 */
import { claimsFromEvent } from '../../../dist/lambda-authorizer/index.js'

export async function answer(event) {
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(claimsFromEvent(event)),
  }
}

/** What answers `$connect` is only a status; every later message gets the claims. */
export async function answerSocket(event) {
  return { statusCode: 200, body: JSON.stringify(claimsFromEvent(event)) }
}
