// rejected by TS2322
export const seconds: number = '5'
