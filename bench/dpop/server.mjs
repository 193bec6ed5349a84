/**
 * The server of one contender, in a separate process.
 */
import { serve } from '../express/serve.mjs'
import { readInput } from '../measure/child.mjs'
import { ROUTES } from './routes.mjs'

const { name, setup } = readInput()
serve(await ROUTES[name].create(setup))
