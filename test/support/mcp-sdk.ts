/**
 * The parts of the MCP SDK that tests use. They are loaded without its types, because those require the DOM types, and claim
 * `req.auth` for themselves. `examples/mcp` is compiled with them.
 */
import { createRequire } from 'node:module'
import type { RequestHandler } from 'express'
import type { McpErrorsV1, McpTokenVerifier } from 'jwt-gate/express'

const load = createRequire(import.meta.url)
const SDK = '@modelcontextprotocol/sdk'

export const errors: McpErrorsV1 = load(`${SDK}/server/auth/errors.js`)

export const requireBearerAuth: (options: {
  readonly verifier: McpTokenVerifier<unknown>
  readonly requiredScopes?: string[]
  readonly resourceMetadataUrl?: string
}) => RequestHandler = load(`${SDK}/server/auth/middleware/bearerAuth.js`).requireBearerAuth

interface McpClient {
  connect(transport: object): Promise<void>
  callTool(call: { name: string }): Promise<{ content: readonly { text: string }[] }>
  close(): Promise<void>
}

export interface TransportOptions {
  readonly authProvider?: object
  readonly requestInit?: RequestInit
}

export const { Client }: { Client: new (info: { name: string; version: string }) => McpClient } =
  load(`${SDK}/client`)

export const {
  StreamableHTTPClientTransport,
}: { StreamableHTTPClientTransport: new (url: URL, options: TransportOptions) => object } = load(
  `${SDK}/client/streamableHttp.js`,
)

export const {
  ClientCredentialsProvider,
}: { ClientCredentialsProvider: new (options: Readonly<Record<string, string>>) => object } = load(
  `${SDK}/client/auth-extensions.js`,
)
