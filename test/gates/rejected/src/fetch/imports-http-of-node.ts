// rejected by lint/style/noRestrictedImports
import type { IncomingMessage } from 'node:http'

export const request: IncomingMessage | undefined = undefined
