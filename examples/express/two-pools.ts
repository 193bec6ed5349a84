/**
 * Two user pools in one app: one for customers and one for employees. Only employees may see the reports.
 */
import express from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { pool, run } from './setup.ts'

export const employees = await createTestIssuer({ userPoolId: 'eu-west-1_Employees' })
const employeePool = {
  userPoolId: employees.userPoolId,
  clientId: employees.clientId,
  tokenUse: 'access',
  jwks: employees.jwks,
} as const

const verifier = createVerifier([cognito(pool), cognito(employeePool)])
export const app = express()

app.use(requireJwt(verifier))
app.get('/', (req, res) => {
  res.json({ issuer: getAuth(req).issuer })
})
const employeesOnly = requireAccess({ check: ({ issuer }) => issuer === employees.issuer })
app.get('/reports', employeesOnly, (_req, res) => {
  res.json([])
})
app.use(authErrorHandler())

await run(app, import.meta.url)
