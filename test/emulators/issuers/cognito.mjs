/**
 * A user pool of cognito-local, with a user in the group `admin` and one without a group.
 */
import { createRequire } from 'node:module'
import { createFolder } from '../support/folder.mjs'
import { findFreePorts } from '../support/free-ports.mjs'
import { startProgram } from '../support/program.mjs'

const PROGRAM = createRequire(import.meta.url).resolve('cognito-local/lib/bin/start.js')
/** A user in the group `admin`. */
export const ALICE = 'alice@example.com'
/** A user without a group. */
export const BOB = 'bob@example.com'
const PASSWORD = 'Correct-horse-7'

/** Starts it. Tokens are real responses of `InitiateAuth`. */
export async function startCognito() {
  const [port] = await findFreePorts(1)
  const stop = await startProgram(PROGRAM, {
    cwd: createFolder('cognito'),
    env: { HOST: '127.0.0.1', PORT: String(port) },
    printed: 'Cognito Local running on',
  })
  return { ...(await createUserPool(`http://127.0.0.1:${port}`)), stop }
}

async function createUserPool(origin) {
  const send = (action, input) => callCognito(origin, action, input)
  const { Id: userPoolId } = (await send('CreateUserPool', { PoolName: 'users' })).UserPool
  const createClient = async (input) => {
    const client = await send('CreateUserPoolClient', {
      UserPoolId: userPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      ...input,
    })
    return client.UserPoolClient.ClientId
  }
  await createUsers(send, userPoolId)
  return {
    userPoolId,
    issuer: `${origin}/${userPoolId}`,
    clientId: await createClient(),
    otherClientId: await createClient(),
    /** The emulator accepts a lifetime that has already ended, so that no test has to wait. AWS would not. */
    expiringClientId: await createClient({
      AccessTokenValidity: -60,
      TokenValidityUnits: { AccessToken: 'minutes' },
    }),
    signIn: async (username, clientId) => {
      const { AuthenticationResult } = await send('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: username, PASSWORD },
      })
      return AuthenticationResult
    },
  }
}

async function createUsers(send, UserPoolId) {
  await send('CreateGroup', { UserPoolId, GroupName: 'admin' })
  for (const Username of [ALICE, BOB]) {
    await send('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS' })
    await send('AdminSetUserPassword', {
      UserPoolId,
      Username,
      Password: PASSWORD,
      Permanent: true,
    })
  }
  await send('AdminAddUserToGroup', { UserPoolId, Username: ALICE, GroupName: 'admin' })
}

/** The API of Amazon Cognito user pools. cognito-local requires no signature. */
async function callCognito(origin, action, input) {
  const response = await fetch(origin, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${action}`,
    },
    body: JSON.stringify(input),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${action}: ${JSON.stringify(answer)}`)
  return answer
}
