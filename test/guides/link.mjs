/**
 * Puts the built package where the tests of the working directory import it from. (As a dependency in package.json, npm would install all of this project.)
 */
import { existsSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'

const link = resolve('node_modules/jwt-gate')
if (!existsSync(link)) symlinkSync(resolve(import.meta.dirname, '../..'), link)
