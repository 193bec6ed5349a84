// rejected by lint/style/noRestrictedGlobals
export const answer: Promise<Response> = fetch('https://idp.example')
