// rejected by lint/style/noRestrictedImports
import { createClient } from 'redis'

export const connect = createClient
