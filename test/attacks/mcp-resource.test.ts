/**
 * Of the audiences of an MCP server, only the slash after a bare origin may be there or not.
 */
import { createVerifier } from 'jwt-gate'
import { mcpTokenVerifier } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { errors } from '../support/mcp-sdk.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer, { audience: null }), { now })

async function outcomeOf(resource: string, aud: unknown): Promise<string> {
  const token = await issuer.token({ ...claimsOf(issuer), aud })
  try {
    await mcpTokenVerifier(verifier, { resource, errors }).verifyAccessToken(token)
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

const ORIGINS = ['https://mcp.example', 'https://mcp.example/']

describe.each(ORIGINS)('for the resource %s', (resource) => {
  test.each<[unknown]>([
    ['https://mcp.example'],
    ['https://mcp.example/'],
    [['https://x.example', 'https://mcp.example/']],
    [['https://mcp.example', 'https://mcp.example/']],
  ])('the audience %j is accepted', async (aud) => {
    expect(await outcomeOf(resource, aud)).toBe('accepted')
  })

  test.each<[unknown]>([
    ['https://mcp.example//'],
    ['https://mcp.example/mcp'],
    ['https://mcp.example?'],
    ['https://mcp.example/?'],
    ['https://mcp.example/#'],
    ['https://mcp.example/.'],
    ['https://mcp.example\\'],
    ['https://mcp.example:443'],
    ['https://mcp.example:443/'],
    ['https://mcp.example.'],
    ['https://mcp.example./'],
    ['https://MCP.example/'],
    ['HTTPS://mcp.example'],
    ['http://mcp.example/'],
    ['https://u@mcp.example/'],
    ['https://mcp.example/ '],
    ['https://mcp.example/ https://mcp.example'],
    ['https://mcp.example.evil.example/'],
    ['mcp.example'],
    [''],
    [[]],
    [[['https://mcp.example/']]],
    [undefined],
  ])('the audience %j is rejected', async (aud) => {
    expect(await outcomeOf(resource, aud)).not.toBe('accepted')
  })
})

test.each([
  ['https://mcp.example/mcp', 'https://mcp.example/mcp/'],
  ['https://mcp.example/mcp/', 'https://mcp.example/mcp'],
  ['https://mcp.example/mcp', 'https://mcp.example/'],
  ['https://mcp.example/mcp', 'https://mcp.example'],
  ['https://mcp.example?', 'https://mcp.example/'],
  ['https://mcp.example/?a', 'https://mcp.example?a'],
  ['https://mcp.example:443', 'https://mcp.example/'],
  ['https://MCP.example', 'https://mcp.example/'],
])('for the resource %s, the audience %s is rejected', async (resource, aud) => {
  expect(await outcomeOf(resource, aud)).not.toBe('accepted')
})
