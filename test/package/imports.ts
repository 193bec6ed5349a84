/**
 * What built files import at run time.
 */
import { build } from 'esbuild'

/** The external modules that these files of a folder import or require themselves, by name. */
export async function externalImports(
  folder: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: files.map((file) => `./${file}`),
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const imports = files.flatMap((file) => metafile.inputs[file]?.imports ?? [])
  return [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))].sort()
}
