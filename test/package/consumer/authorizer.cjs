/**
 * A Lambda authorizer as CommonJS.
 */
const { cognito, createVerifier } = require('jwt-gate')
const { createAuthorizer } = require('jwt-gate/lambda-authorizer')

const { USER_POOL_ID: userPoolId, CLIENT_ID: clientId, ISSUER: issuer } = process.env

exports.handler = createAuthorizer(
  createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', issuer })),
)
