// rejected by TS7006
export const identity = (value) => value
