// rejected by lint/style/noRestrictedImports
import { env } from 'node:process'

export const pool: string | undefined = env['JWT_GATE_USER_POOL_ID']
