// rejected by lint/style/noRestrictedImports
import { env } from 'node:process'

export const region = (): string | undefined => env['AWS_REGION']
