/**
 * The functions behind the authorizers: they respond with the claims that they got.
 */
import { claimsFromEvent } from '../../../dist/lambda-authorizer/index.js'

export async function answer(event) {
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(claimsFromEvent(event)),
  }
}

/** The response to `$connect` has only a status. Every later message gets the claims. */
export async function answerSocket(event) {
  return { statusCode: 200, body: JSON.stringify(claimsFromEvent(event)) }
}
