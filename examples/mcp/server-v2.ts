/**
 * A server of the Model Context Protocol with version 2 of the SDK, on web-standard requests. ISSUER is the authorization server,
 * RESOURCE the URL of this server:
 *
 * ISSUER=https://idp.example.com RESOURCE=http://127.0.0.1:3000/mcp node --import tsx examples/mcp/server-v2.ts
 */

import { serve } from '@hono/node-server'
import {
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  McpServer,
  OAuthError,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { createVerifier } from 'jwt-gate'
import { mcpTokenVerifier, protectedResourceMetadata } from 'jwt-gate/fetch'

const issuer = process.env['ISSUER'] ?? 'https://idp.example.com'
const resource = process.env['RESOURCE'] ?? 'http://127.0.0.1:3000/mcp'
const requiredScopes = ['tools']

const guard = requireBearerAuth({
  verifier: mcpTokenVerifier(createVerifier({ issuer, audience: resource }), {
    resource,
    errors: { OAuthError },
  }),
  requiredScopes,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(resource)),
})
const metadata = protectedResourceMetadata({
  resource,
  authorizationServers: issuer,
  scopesSupported: requiredScopes,
})
const mcp = createMcpHandler(createServer)
const app = new Hono()

app.use(async (c, next) => metadata(c.req.raw) ?? next())
app.all('/mcp', async (c) => {
  const auth = await guard(c.req.raw)
  return auth instanceof Response ? auth : mcp.fetch(c.req.raw, { authInfo: auth })
})

const { hostname, port } = new URL(resource)
serve({ fetch: app.fetch, hostname, port: Number(port) }, () =>
  console.log(`An MCP server listens at ${resource}`),
)

/** Creates a server per request, because there are no sessions. */
function createServer(): McpServer {
  const server = new McpServer({ name: 'example', version: '1.0.0' })
  server.registerTool('whoami', { description: 'Who is calling' }, ({ http }) => ({
    content: [{ type: 'text', text: JSON.stringify(http?.authInfo?.extra) }],
  }))
  return server
}
