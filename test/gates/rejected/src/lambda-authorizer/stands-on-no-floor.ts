// rejected by ladder
export const place = 'none'
