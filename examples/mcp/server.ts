/**
 * A server of the Model Context Protocol. ISSUER is the authorization server, RESOURCE the URL of this server:
 *
 * ISSUER=https://idp.example.com RESOURCE=http://127.0.0.1:3000/mcp node --import tsx examples/mcp/server.ts
 */

import * as errors from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/sdk/server/auth/router.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express from 'express'
import { createVerifier } from 'jwt-gate'
import { mcpTokenVerifier, protectedResourceMetadata } from 'jwt-gate/express'

const issuer = process.env['ISSUER'] ?? 'https://idp.example.com'
const resource = process.env['RESOURCE'] ?? 'http://127.0.0.1:3000/mcp'
const requiredScopes = ['tools']

const guard = requireBearerAuth({
  verifier: mcpTokenVerifier(createVerifier({ issuer, audience: resource }), { resource, errors }),
  requiredScopes,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(resource)),
})
const app = express()

app.use(
  protectedResourceMetadata({
    resource,
    authorizationServers: issuer,
    scopesSupported: requiredScopes,
  }),
)
app.all('/mcp', guard)
app.post('/mcp', express.json(), async (req, res) => {
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  await createServer().connect(transport)
  await transport.handleRequest(req, res, req.body)
})

const { hostname, port } = new URL(resource)
app.listen(Number(port), hostname, () => console.log(`An MCP server listens at ${resource}`))

/** Creates a server per request, because there are no sessions. */
function createServer(): McpServer {
  const server = new McpServer({ name: 'example', version: '1.0.0' })
  server.registerTool('whoami', { description: 'Who is calling' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: JSON.stringify(authInfo?.extra) }],
  }))
  return server
}
