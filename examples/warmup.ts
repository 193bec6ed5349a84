import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const verifier = createVerifier(
  cognito({ userPoolId: 'eu-west-1_Example', clientId: '1example23456789', tokenUse: 'access' }),
)
const authorize = createAuthorizer(verifier)

export const handler = async (event: object, context?: unknown) => {
  if ('source' in event && event.source === 'serverless-plugin-warmup') return 'warm'
  return authorize(event, context)
}
