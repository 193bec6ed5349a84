// rejected by lint/style/noRestrictedGlobals
export const pool: string | undefined = process.env['JWT_GATE_USER_POOL_ID']
