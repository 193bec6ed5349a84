/**
 * Request ARNs: which are valid, their parts, and that nothing from the client's path gets into a policy.
 */
import fc from 'fast-check'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  assertArn,
  type ExecuteApiArn,
  parseExecuteApiArn,
  toStageArn,
} from '../../../src/lambda-authorizer/request/execute-api-arn.ts'
import { createTestVerifier, GATEWAYS, now } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const API = 'arn:aws:execute-api:us-east-1:123456789012:abcdef123'

function parse(text: string | undefined): ExecuteApiArn {
  const arn = parseExecuteApiArn(text)
  assertArn(arn)
  return arn
}

test.each([
  [`${API}/test/GET/request`, `${API}/test/*`],
  [`${API}/$default/GET/`, `${API}/$default/*`],
  [`${API}/prod/$connect`, `${API}/prod/*`],
  [`${API}/prod`, `${API}/prod/*`],
  [`${API}/ESTestInvoke-stage/GET/`, `${API}/ESTestInvoke-stage/*`],
  [`${API}/v1_2/POST/a:b:c/d`, `${API}/v1_2/*`],
  [
    'arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef123/prod/GET/a',
    'arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef123/prod/*',
  ],
  [
    'arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef123/prod/GET/a',
    'arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef123/prod/*',
  ],
  [
    'arn:aws-eusc:execute-api:eusc-de-east-1:123456789012:abcdef123/prod/GET/a',
    'arn:aws-eusc:execute-api:eusc-de-east-1:123456789012:abcdef123/prod/*',
  ],
  [
    'arn:aws:execute-api:us-east-1:random-account-id:random-api-id/dev/GET/rest/req/{id}',
    'arn:aws:execute-api:us-east-1:random-account-id:random-api-id/dev/*',
  ],
  [
    'arn:aws:execute-api:us-east-1:undefined:private/local/$connect',
    'arn:aws:execute-api:us-east-1:undefined:private/local/*',
  ],
])('turns %s into the pattern of its stage', (arn, stageArn) => {
  expect(toStageArn(parse(arn))).toBe(stageArn)
})

test.each([
  ['nothing', undefined],
  ['an empty string', ''],
  ['an ARN of another service', 'arn:aws:lambda:us-east-1:123456789012:function:f'],
  ['no stage', API],
  ['an empty stage', `${API}//GET/a`],
  ['a stage that is a pattern', `${API}/*/GET/a`],
  ['a stage with a pattern in it', `${API}/pro?/GET/a`],
  ['a stage with a variable in it', `${API}/\${aws:username}/GET/a`],
  ['a stage that only begins like the default one', `${API}/$defaults/GET/a`],
  ['a stage with a line break', `${API}/prod\n/GET/a`],
  ['an API that is a pattern', 'arn:aws:execute-api:us-east-1:123456789012:*/prod/GET/a'],
  ['an account that is a pattern', 'arn:aws:execute-api:us-east-1:*:abcdef123/prod/GET/a'],
  ['an empty account', 'arn:aws:execute-api:us-east-1::abcdef123/prod/GET/a'],
  ['a Region that is a pattern', 'arn:aws:execute-api:*:123456789012:abcdef123/prod/GET/a'],
  [
    'a partition that is a pattern',
    'arn:*:execute-api:us-east-1:123456789012:abcdef123/prod/GET/a',
  ],
  ['a text before it', ` ${API}/prod/GET/a`],
  ['a stage that is too long', `${API}/${'s'.repeat(129)}/GET/a`],
])('rejects %s', (_, arn) => {
  expect(() => parse(arn)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('no ARN'),
    }),
  )
})

test.each([
  ['prod/GET/a:b/c', 'GET/a:b/c'],
  ['prod/GET/a\n/b', 'GET/a\n/b'],
  ['prod/$connect', '$connect'],
  ['prod/', ''],
  ['prod', ''],
])('reads the request from %j', (end, request) => {
  expect(parse(`${API}/${end}`)).toEqual({
    partition: 'aws',
    region: 'us-east-1',
    accountId: '123456789012',
    apiId: 'abcdef123',
    stage: 'prod',
    request,
  })
})

test('never lets the path change the pattern', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (path) => {
      expect(toStageArn(parse(`${API}/prod/GET/${path}`))).toBe(`${API}/prod/*`)
    }),
  )
})

describe.each(GATEWAYS)('$gateway', ({ gateway, resource }) => {
  test.each(['/*', '/a?c', `/\${aws:username}/x`, '/../other/GET/x', '/a:b:c:d:e:f/g'])(
    'allows the same for the path %s as for any other',
    async (path) => {
      const handler = createAuthorizer(createTestVerifier(issuer))
      const token = await issuer.accessToken()

      const result = await handler(createAuthorizerEvent(gateway, { token, path }))

      expect(result.policyDocument.Statement).toEqual([
        { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource },
      ])
    },
  )

  test.each([undefined, null, 7, '*', `${API}/*/GET/a`])(
    'fails if the ARN is %j, for a valid and an invalid token',
    async (arn) => {
      const handler = createAuthorizer(createTestVerifier(issuer), { unauthorized: 'deny' })
      const token = await issuer.accessToken()
      const event = { ...createAuthorizerEvent(gateway, { token }), methodArn: arn, routeArn: arn }
      const bad = { ...createAuthorizerEvent(gateway), methodArn: arn, routeArn: arn }

      const answers = [handler(event), handler(bad)]

      for (const answer of answers) {
        await expect(answer).rejects.toMatchObject({
          message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
        })
      }
    },
  )
})
