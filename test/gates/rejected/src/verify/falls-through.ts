// rejected by TS7029
export function statusOf(code: string): number {
  let status = 401
  switch (code) {
    case 'ERR_TOKEN_REQUEST':
      status = 400
    default:
      return status
  }
}
