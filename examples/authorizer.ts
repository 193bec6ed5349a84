import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const verifier = createVerifier(
  cognito({ userPoolId: 'eu-west-1_Example', clientId: '1example23456789', tokenUse: 'access' }),
)

export const handler = createAuthorizer(verifier, {
  onEvent: (event) => console.log(JSON.stringify(event)),
})
