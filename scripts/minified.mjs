/**
 * How esbuild bundles an authorizer as it is deployed: for the zip, for docs/sizes.md and for the bench, which then say the same.
 */
export const MINIFIED = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
}
