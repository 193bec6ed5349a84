// rejected by lint/style/noRestrictedGlobals
export const color: string | undefined = process.env['NO_COLOR']
