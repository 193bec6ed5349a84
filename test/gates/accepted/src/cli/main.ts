import { Refresher } from '../verify/index.ts'

export const refresher: Refresher = new Refresher()
export const color: string | undefined = process.env['NO_COLOR']
