// rejected by TS2375
export const options: { readonly realm?: string } = { realm: undefined }
