// rejected by lint/style/noRestrictedGlobals
export const region = (): string | undefined => process.env['AWS_REGION']
