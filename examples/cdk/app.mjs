/**
 * The app for `npx cdk deploy`. The user pool comes from the command line: `-c userPoolId=… -c clientId=…`.
 */
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { ApiStack } from './stack.mjs'

const ZIP = fileURLToPath(new URL('../../dist/lambda-authorizer.zip', import.meta.url))

const app = new App({ analyticsReporting: false })
new ApiStack(app, 'JwtGateApis', {
  zip: ZIP,
  environment: {
    JWT_GATE_USER_POOL_ID: readContext('userPoolId'),
    JWT_GATE_CLIENT_ID: readContext('clientId'),
    JWT_GATE_TOKEN_USE: readContext('tokenUse', 'access'),
  },
  allowedOrigin: readContext('allowedOrigin', 'https://app.example.com'),
})

function readContext(name, otherwise) {
  const value = app.node.tryGetContext(name) ?? otherwise
  if (value === undefined) throw new Error(`Say -c ${name}=…`)
  return value
}
