// rejected by plugin
export const get = (url: string): Promise<Response> => globalThis.fetch(url)
