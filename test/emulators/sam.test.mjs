/**
 * The SAM template: the settings that make an API behind the authorizer safe and usable by browsers.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { unzipAuthorizer, ZIP } from './support/authorizer-zip.mjs'
import { parseTemplate } from './support/cloudformation.mjs'
import { createFolder } from './support/folder.mjs'

const FOLDER = resolve(import.meta.dirname, '../../examples/sam')
const { Globals, Parameters, Resources } = parseTemplate(
  readFileSync(`${FOLDER}/template.yaml`, 'utf8'),
)
const AUTHORIZERS = ['Authorizer', 'SimpleAuthorizer', 'WebSocketAuthorizer']
const ALLOWED_ORIGIN = /^'\$\{AllowedOrigin\}'$/

function variablesOf(name) {
  const { Environment } = Resources[name].Properties
  return { ...Globals.Function.Environment.Variables, ...Environment?.Variables }
}

function authorizerOf(api) {
  const { DefaultAuthorizer, Authorizers } = Resources[api].Properties.Auth
  return Authorizers[DefaultAuthorizer]
}

/** Whether the authorizer starts with these variables: it checks all of them before it handles a request. */
async function startAuthorizer(env) {
  const file = unzipAuthorizer(createFolder('sam'))
  const worker = new Worker(`import(${JSON.stringify(file)}).then(() => process.exit(0))`, {
    eval: true,
    env,
  })
  const [code] = await once(worker, 'exit')
  return code
}

describe('the authorizers', () => {
  for (const name of AUTHORIZERS) {
    test(`${name} is the zip that the build creates`, () => {
      const { CodeUri, Handler } = Resources[name].Properties

      assert.equal(resolve(FOLDER, CodeUri), ZIP)
      assert.equal(Handler, 'index.handler')
    })

    test(`${name} trusts the user pool of the parameters, and starts`, async () => {
      const variables = variablesOf(name)
      const values = {
        UserPoolId: 'eu-west-1_Example',
        UserPoolClientId: '1example23456789',
        TokenUse: Parameters.TokenUse.Default,
      }

      const code = await startAuthorizer(
        Object.fromEntries(
          Object.entries(variables).map(([key, value]) => [key, values[value.Ref] ?? value]),
        ),
      )

      assert.deepEqual(variables.JWT_GATE_USER_POOL_ID, { Ref: 'UserPoolId' })
      assert.deepEqual(variables.JWT_GATE_CLIENT_ID, { Ref: 'UserPoolClientId' })
      assert.deepEqual(variables.JWT_GATE_TOKEN_USE, { Ref: 'TokenUse' })
      assert.equal(code, 0)
    })
  }

  test('an authorizer with a missing variable would not start', async () => {
    const starting = startAuthorizer({ JWT_GATE_USER_POOL_ID: 'eu-west-1_Example' })

    await assert.rejects(starting, /JWT_GATE_CLIENT_ID/)
  })
})

describe('the REST API', () => {
  test('caches responses by the token only, for five minutes', () => {
    const { FunctionArn, FunctionPayloadType, Identity } = authorizerOf('RestApi')

    assert.deepEqual(FunctionArn, { 'Fn::GetAtt': ['Authorizer', 'Arn'] })
    assert.equal(FunctionPayloadType, 'REQUEST')
    assert.deepEqual(Identity, { Headers: ['Authorization'], ReauthorizeEvery: 300 })
  })

  test('requires no token in a preflight request', () => {
    const { Auth, Cors } = Resources.RestApi.Properties

    assert.equal(Auth.AddDefaultAuthorizerToCorsPreflight, false)
    assert.match(Cors.AllowHeaders, /Authorization/)
  })

  for (const type of ['UNAUTHORIZED', 'DEFAULT_4XX', 'DEFAULT_5XX']) {
    test(`lets browsers read the response ${type}`, () => {
      const { Headers } = Resources.RestApi.Properties.GatewayResponses[type].ResponseParameters

      assert.match(Headers['Access-Control-Allow-Origin']['Fn::Sub'], ALLOWED_ORIGIN)
    })
  }

  test('sends a static WWW-Authenticate challenge, which browsers may read', () => {
    const { StatusCode, ResponseParameters } =
      Resources.RestApi.Properties.GatewayResponses.UNAUTHORIZED

    assert.equal(StatusCode, 401)
    assert.equal(ResponseParameters.Headers['WWW-Authenticate'], `'Bearer realm="api"'`)
    assert.equal(ResponseParameters.Headers['Access-Control-Expose-Headers'], "'WWW-Authenticate'")
  })
})

describe('the HTTP APIs', () => {
  test('with policies cache responses by the token only', () => {
    const authorizer = authorizerOf('HttpApi')

    assert.deepEqual(authorizer, {
      FunctionArn: { 'Fn::GetAtt': ['Authorizer', 'Arn'] },
      EnableFunctionDefaultPermissions: true,
      AuthorizerPayloadFormatVersion: '2.0',
      Identity: { Headers: ['Authorization'], ReauthorizeEvery: 300 },
    })
  })

  test('with simple responses cache them by the token and the route', () => {
    const authorizer = authorizerOf('HttpApiWithSimpleResponses')

    assert.deepEqual(authorizer, {
      FunctionArn: { 'Fn::GetAtt': ['SimpleAuthorizer', 'Arn'] },
      EnableFunctionDefaultPermissions: true,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      Identity: { Headers: ['Authorization'], Context: ['routeKey'], ReauthorizeEvery: 300 },
    })
    assert.equal(variablesOf('SimpleAuthorizer').JWT_GATE_RESPONSE, 'simple')
    assert.equal(variablesOf('Authorizer').JWT_GATE_RESPONSE, undefined)
  })

  for (const api of ['HttpApi', 'HttpApiWithSimpleResponses']) {
    test(`${api} responds to preflight requests itself`, () => {
      const { AllowOrigins, AllowHeaders } = Resources[api].Properties.CorsConfiguration

      assert.deepEqual(AllowOrigins, [{ Ref: 'AllowedOrigin' }])
      assert.ok(AllowHeaders.includes('authorization'))
    })
  }
})

describe('the WebSocket API', () => {
  test('reads the token from where its authorizer reads it', () => {
    const { AuthType, AuthArn, IdentitySource } = Resources.WebSocketApi.Properties.Auth
    const { query } = JSON.parse(variablesOf('WebSocketAuthorizer').JWT_GATE_TOKEN)

    assert.equal(AuthType, 'CUSTOM')
    assert.deepEqual(AuthArn, { 'Fn::GetAtt': ['WebSocketAuthorizer', 'Arn'] })
    assert.deepEqual(IdentitySource, [`route.request.querystring.${query}`])
  })

  test('shares its authorizer with no other API, which would accept tokens from the query', () => {
    assert.equal(variablesOf('Authorizer').JWT_GATE_TOKEN, undefined)
    assert.equal(variablesOf('SimpleAuthorizer').JWT_GATE_TOKEN, undefined)
  })
})
