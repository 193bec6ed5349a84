/**
 * What is checked by default. docs/comparison.md says it of each library.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { auth } from 'express-oauth2-jwt-bearer'
import { createDecoder, createVerifier } from 'fast-jwt'
import jwt from 'jsonwebtoken'
import { bearerMiddleware, callRoute } from './apps.mjs'
import { AUDIENCE, createIssuer, ID_TOKEN, outcomeOf } from './issuer.mjs'
import { createAws, createFastJwt, createJose, createJsonWebToken } from './verifiers.mjs'

const issuer = await createIssuer()
after(() => issuer.close())

/** The outcome of a token, by library. */
async function outcomes(token, options = {}) {
  const aws = createAws(issuer, options.aws)
  const [bearer] = await callRoute([bearerMiddleware(issuer, options.bearer)], [token])
  return {
    aws: await outcomeOf(() => aws.verify(token)),
    jose: await outcomeOf(() => createJose(issuer, options.jose)(token)),
    fastJwt: await outcomeOf(() => createFastJwt(issuer, options.fastJwt)(token)),
    expressJwt: await outcomeOf(() => createJsonWebToken(issuer, options.expressJwt)(token)),
    bearer: bearer.status,
  }
}

const ALL = {
  aws: 'accepted',
  jose: 'accepted',
  fastJwt: 'accepted',
  expressJwt: 'accepted',
  bearer: 200,
}

test('the control: all accept an access token', async () => {
  assert.deepEqual(await outcomes(await issuer.token()), ALL)
})

test('a token without exp is rejected by express-oauth2-jwt-bearer alone', async () => {
  const token = await issuer.token({ exp: undefined })

  assert.deepEqual(await outcomes(token), { ...ALL, bearer: 401 })
})

test('jose and fast-jwt require exp if an option says so', async () => {
  const options = { jose: { requiredClaims: ['exp'] }, fastJwt: { requiredClaims: ['exp'] } }

  const { jose, fastJwt } = await outcomes(await issuer.token({ exp: undefined }), options)

  assert.equal(jose, 'ERR_JWT_CLAIM_VALIDATION_FAILED')
  assert.equal(fastJwt, 'FAST_JWT_MISSING_REQUIRED_CLAIM')
})

test('two seconds after exp, express-oauth2-jwt-bearer alone accepts a token', async () => {
  const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) - 2 })

  assert.deepEqual(await outcomes(token), {
    aws: 'JwtExpiredError',
    jose: 'ERR_JWT_EXPIRED',
    fastJwt: 'FAST_JWT_EXPIRED',
    expressJwt: 'TokenExpiredError',
    bearer: 200,
  })
})

test('an ID token with the audience of the API is accepted unless an option says otherwise', async () => {
  const token = await issuer.token(ID_TOKEN)
  const options = {
    jose: { typ: 'at+jwt' },
    fastJwt: { checkTyp: 'at+jwt' },
    bearer: { strict: true },
  }

  assert.deepEqual(await outcomes(token), ALL)
  assert.deepEqual(await outcomes(token, options), {
    aws: 'accepted',
    jose: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    fastJwt: 'FAST_JWT_INVALID_TYPE',
    // has no option for it
    expressJwt: 'accepted',
    bearer: 401,
  })
})

test('with the audience left out, aws-jwt-verify and express-oauth2-jwt-bearer fail', async () => {
  const token = await issuer.token()
  const aws = createAws(issuer, { audience: undefined })

  assert.equal(await outcomeOf(() => aws.verify(token)), 'ParameterValidationError')
  assert.throws(() => auth({ issuer: issuer.url, jwksUri: issuer.jwksUri }), /audience/)
  for (const create of [createJose, createJsonWebToken]) {
    const verify = create(issuer, { audience: undefined })
    assert.equal(await outcomeOf(() => verify(token)), 'accepted')
  }
  const fastJwt = createFastJwt(issuer, { allowedAud: undefined })
  assert.equal(await outcomeOf(() => fastJwt(token)), 'accepted')
})

test('aws-jwt-verify requires the token use and the client of Cognito, or null', async () => {
  const verifier = CognitoJwtVerifier.create({ userPoolId: 'eu-west-1_Example' })
  const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example'
  const token = await issuer.token({ iss, token_use: 'access', client_id: 'client' })
  verifier.cacheJwks({ keys: issuer.keys.map(({ jwk }) => jwk) })

  const outcome = (options) => outcomeOf(() => verifier.verify(token, options))
  const access = { tokenUse: 'access', clientId: 'client' }

  assert.equal(await outcome({ clientId: 'client' }), 'ParameterValidationError')
  assert.equal(await outcome({ tokenUse: 'access' }), 'ParameterValidationError')
  assert.equal(await outcome({ ...access, tokenUse: 'id' }), 'CognitoJwtInvalidTokenUseError')
  assert.equal(await outcome(access), 'accepted')
})

test('PS256 is not supported by aws-jwt-verify', async (context) => {
  const ps256 = await createIssuer('PS256')
  context.after(() => ps256.close())
  const token = await ps256.token()
  const [bearer] = await callRoute([bearerMiddleware(ps256)], [token])
  const jsonWebToken = createJsonWebToken(ps256, { algorithms: ['PS256'] })

  assert.equal(
    await outcomeOf(() => createAws(ps256).verify(token)),
    'JwtInvalidSignatureAlgorithmError',
  )
  assert.equal(await outcomeOf(() => createJose(ps256)(token)), 'accepted')
  assert.equal(await outcomeOf(() => createFastJwt(ps256)(token)), 'accepted')
  assert.equal(await outcomeOf(() => jsonWebToken(token)), 'accepted')
  assert.equal(bearer.status, 200)
})

test('EdDSA is not supported by jsonwebtoken', async (context) => {
  const eddsa = await createIssuer('EdDSA')
  context.after(() => eddsa.close())
  const token = await eddsa.token()
  const [bearer] = await callRoute([bearerMiddleware(eddsa)], [token])
  const jsonWebToken = createJsonWebToken(eddsa, { algorithms: ['EdDSA'] })

  assert.equal(await outcomeOf(() => createAws(eddsa).verify(token)), 'accepted')
  assert.equal(await outcomeOf(() => createJose(eddsa)(token)), 'accepted')
  assert.equal(await outcomeOf(() => createFastJwt(eddsa)(token)), 'accepted')
  assert.notEqual(await outcomeOf(() => jsonWebToken(token)), 'accepted')
  assert.equal(bearer.status, 200)
})

test('aws-jwt-verify and fast-jwt verify without a promise', async () => {
  const token = await issuer.token()
  const aws = createAws(issuer)
  await aws.hydrate()
  const fastJwt = createVerifier({ key: issuer.keys[0].pem })

  assert.equal(aws.verifySync(token).aud, AUDIENCE)
  assert.equal(fastJwt(token).aud, AUDIENCE)
})

test('texts of a token that nobody has verified are in messages, or in the cause (fast-jwt)', async () => {
  const named = 'named-by-the-token'
  const wrongIssuer = await issuer.token({ iss: named })
  const extended = await issuer.token().then((token) => {
    const header = { alg: 'RS256', kid: 'first', crit: [named], [named]: 1 }
    return [encode(JSON.stringify(header)), ...token.split('.').slice(1)].join('.')
  })
  const noJson = `${encode('{"alg":"RS256","typ":"JWT"}')}.${encode(`{"a":${named}`)}.AAAA`
  const [bearer] = await callRoute([bearerMiddleware(issuer)], [extended])

  await assert.rejects(createAws(issuer).verify(wrongIssuer), new RegExp(named))
  await assert.rejects(createJose(issuer)(extended), new RegExp(named))
  // V8 shortens what it quotes
  assert.throws(
    () => createDecoder()(noJson),
    ({ originalError }) => /named/.test(originalError),
  )
  assert.throws(() => jwt.verify(noJson, issuer.keys[0].pem), /named/)
  assert.match(bearer.challenge, new RegExp(named))
})

function encode(text) {
  return Buffer.from(text).toString('base64url')
}
