/**
 * Sufficient sets of variables. Nothing of the source is imported here, so that a test can see it fail to load.
 */
import type { Environment } from '../../src/standalone/settings.ts'

export const POOL: Environment = {
  JWT_GATE_USER_POOL_ID: 'eu-west-1_TestPool1',
  JWT_GATE_CLIENT_ID: '1example23456789testclient',
  JWT_GATE_TOKEN_USE: 'access',
}
export const ISSUER: Environment = {
  JWT_GATE_ISSUER: 'https://idp.example',
  JWT_GATE_AUDIENCE: 'https://api.example',
}
