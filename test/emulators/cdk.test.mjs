/**
 * The CDK example, synthesized like with `cdk synth`: the settings that make an API behind the authorizer safe and usable by
 * browsers.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { ZIP } from './support/authorizer-zip.mjs'
import { createFolder } from './support/folder.mjs'

const EXAMPLE = resolve(import.meta.dirname, '../../examples/cdk')
const CONTEXT = { userPoolId: 'eu-west-1_Example', clientId: '1example23456789' }
const POOL = {
  JWT_GATE_USER_POOL_ID: CONTEXT.userPoolId,
  JWT_GATE_CLIENT_ID: CONTEXT.clientId,
  JWT_GATE_TOKEN_USE: 'access',
}
const ORIGIN = "'https://app.example.com'"

/** Runs the app beside a copy of the zip, where it finds the packages that are installed here. */
function synthesize() {
  const root = createFolder('cdk')
  const folder = join(root, 'examples/cdk')
  mkdirSync(folder, { recursive: true })
  for (const name of ['app.mjs', 'stack.mjs']) cpSync(join(EXAMPLE, name), join(folder, name))
  cpSync(ZIP, join(root, 'dist/lambda-authorizer.zip'))
  execFileSync(process.execPath, ['app.mjs'], {
    cwd: folder,
    env: { CDK_CONTEXT_JSON: JSON.stringify(CONTEXT), CDK_OUTDIR: join(folder, 'cdk.out') },
  })
  const file = join(folder, 'cdk.out/JwtGateApis.template.json')
  return Template.fromJSON(JSON.parse(readFileSync(file, 'utf8')))
}

const template = synthesize()

/** The pattern in the URI of an authorizer for the one function with exactly these variables. */
function arnOfFunctionWith(variables) {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'))
  const names = functions
    .filter(([, { Properties }]) => isDeepStrictEqual(Properties.Environment?.Variables, variables))
    .map(([name]) => name)
  assert.equal(names.length, 1)
  return { 'Fn::Join': Match.arrayWith([Match.arrayWith([{ 'Fn::GetAtt': [names[0], 'Arn'] }])]) }
}

function readPins(file) {
  return JSON.parse(readFileSync(file, 'utf8')).dependencies
}

test('is synthesized with the pinned versions', () => {
  const pinned = readPins(join(EXAMPLE, 'package.json'))
  const installed = readPins(join(import.meta.dirname, 'package.json'))

  assert.equal(installed['aws-cdk-lib'], pinned['aws-cdk-lib'])
  assert.equal(installed.constructs, pinned.constructs)
})

describe('the REST API', () => {
  test('caches responses by the token only, for five minutes', () => {
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 300,
      AuthorizerUri: arnOfFunctionWith(POOL),
    })
  })

  test('protects its route, and requires no token in a preflight request', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      AuthorizationType: 'CUSTOM',
    })
    const others = template.findResources('AWS::ApiGateway::Method', {
      Properties: { AuthorizationType: Match.not('CUSTOM') },
    })
    const methods = Object.values(others).map(({ Properties }) => Properties.HttpMethod)
    assert.deepEqual(new Set(methods), new Set(['OPTIONS']))
  })

  for (const ResponseType of ['UNAUTHORIZED', 'DEFAULT_4XX', 'DEFAULT_5XX']) {
    test(`lets browsers read the response ${ResponseType}`, () => {
      template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': ORIGIN },
      })
    })
  }

  test('sends a static WWW-Authenticate challenge, which browsers may read', () => {
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      StatusCode: '401',
      ResponseParameters: {
        'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="api"'`,
        'gatewayresponse.header.Access-Control-Expose-Headers': "'WWW-Authenticate'",
      },
    })
  })
})

describe('the HTTP APIs', () => {
  test('with policies cache responses by the token only', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '1.0',
      EnableSimpleResponses: Match.absent(),
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 300,
      AuthorizerUri: arnOfFunctionWith(POOL),
    })
  })

  test('with simple responses cache them by the token and the route', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
      AuthorizerResultTtlInSeconds: 300,
      AuthorizerUri: arnOfFunctionWith({ ...POOL, JWT_GATE_RESPONSE: 'simple' }),
    })
  })

  test('respond to preflight requests themselves', () => {
    template.resourcePropertiesCountIs(
      'AWS::ApiGatewayV2::Api',
      {
        ProtocolType: 'HTTP',
        CorsConfiguration: {
          AllowOrigins: ['https://app.example.com'],
          AllowHeaders: ['authorization', 'content-type'],
        },
      },
      2,
    )
  })
})

test('the WebSocket API reads the token only from where its authorizer reads it', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    IdentitySource: ['route.request.querystring.token'],
    AuthorizerUri: arnOfFunctionWith({ ...POOL, JWT_GATE_TOKEN: '{"query":"token"}' }),
  })
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: '$connect',
    AuthorizationType: 'CUSTOM',
  })
})
