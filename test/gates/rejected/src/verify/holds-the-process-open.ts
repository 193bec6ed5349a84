// rejected by lint/style/noRestrictedGlobals
export const every = (act: () => void): unknown => setInterval(act, 1_000)
