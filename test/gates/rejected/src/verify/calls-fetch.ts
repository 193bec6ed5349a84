// rejected by lint/style/noRestrictedGlobals
export const get = (url: string): Promise<Response> => fetch(url)
