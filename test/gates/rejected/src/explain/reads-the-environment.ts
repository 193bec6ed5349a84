// rejected by lint/style/noRestrictedGlobals
export const mode: string | undefined = process.env['NODE_ENV']
