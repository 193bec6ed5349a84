/**
 * The same as CommonJS.
 */
const { cognito, createVerifier } = require('jwt-gate')
const { createAuthorizer } = require('jwt-gate/lambda-authorizer')

const { USER_POOL_ID: userPoolId, CLIENT_ID: clientId, ISSUER: issuer } = process.env
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', issuer }))

exports.handler = createAuthorizer(verifier, {
  access: { 'GET /orders': {}, 'POST /orders': { scopes: ['orders/write'] } },
})
