import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'

export const handler = async (event: unknown) => {
  const { sub, scope } = claimsFromEvent(event)
  return { statusCode: 200, body: JSON.stringify({ sub, scope }) }
}
