// rejected by Knip
export const idle = true
