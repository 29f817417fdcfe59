// Builds platform/web/assets/generated: one style sheet that holds only what the templates use, the font weights in
// use, a sprite of the icons that are named, the licences. Run by `make assets`.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { transform } from 'lightningcss'
import { PurgeCSS } from 'purgecss'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')
const out = join(here, '../assets/generated')
const italia = join(here, 'node_modules/bootstrap-italia')
const firstPageLimit = 200_000

/** Every file whose text may name a class or an icon. */
function sources() {
  const folders = ['app', 'capabilities', 'platform', 'services', 'content']
  const skipped = new Set(['node_modules', 'target', 'generated', 'ui'])
  const found = []
  const walk = folder => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) { if (!skipped.has(entry.name)) walk(path) }
      else if (/\.(html|rs|md)$/.test(entry.name)) found.push(path)
    }
  }
  for (const folder of folders) {
    try { walk(join(root, folder)) } catch (error) { if (error.code !== 'ENOENT') throw error }
  }
  return found
}

/** Writes only what changed: an untouched file spares the program's next build. */
function put(name, content) {
  const path = join(out, name)
  const bytes = Buffer.from(content)
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes)
}

/** Titillium Web, latin and extended latin: the weights that house.css uses. */
const weights = [['400', 'regular'], ['600', '600'], ['700', '700']]

function fonts() {
  mkdirSync(join(out, 'fonts'), { recursive: true })
  const folder = join(italia, 'dist/fonts/Titillium_Web')
  for (const [weight, file] of weights) {
    put(`fonts/titillium-${weight}.woff2`, readFileSync(join(folder, `titillium-web-v10-latin-ext_latin-${file}.woff2`)))
  }
  put('fonts/OFL.txt', readFileSync(join(folder, 'OFL.txt')))
}

const fontFaces = weights.map(([weight]) =>
  `@font-face{font-family:"Titillium Web";font-style:normal;font-weight:${weight};font-display:swap;src:url(fonts/titillium-${weight}.woff2) format("woff2")}`).join('\n')

async function styles(files) {
  const theirs = readFileSync(join(italia, 'dist/css/bootstrap-italia.min.css'), 'utf8')
    .replace(/@font-face\s*{[^}]*}/g, '')
  const [purged] = await new PurgeCSS().purge({
    content: files.map(file => ({ raw: readFileSync(file, 'utf8'), extension: file.split('.').pop() })),
    css: [{ raw: theirs }],
    variables: true,
    keyframes: true,
    // Attributes, states and JavaScript plug-ins that our pages never have.
    blocklist: [/^video/, /^vjs/, /^splide/, /^it-header/, /^navbar/, /^carousel/, /^modal/, /^offcanvas/, /^dropdown/, /^it-footer/],
  })
  const house = readFileSync(join(here, 'house.css'), 'utf8')
  const { code } = transform({
    filename: 'sportello.css',
    code: Buffer.from([fontFaces, purged.css, house].join('\n')),
    minify: true,
    errorRecovery: true,
    targets: { chrome: 100 << 16, firefox: 100 << 16, safari: 15 << 16 },
  })
  put('sportello.css', code)
}

function sprite(files) {
  const all = readFileSync(join(italia, 'dist/svg/sprites.svg'), 'utf8')
  const text = files.map(file => readFileSync(file, 'utf8')).join('\n')
  const named = new Set(text.match(/\bit-[a-z0-9-]+\b/g))
  const symbols = [...all.matchAll(/<symbol id="(it-[a-z0-9-]+)"[\s\S]*?<\/symbol>/g)].filter(([, id]) => named.has(id))
  const body = symbols.map(([symbol]) => symbol).join('')
  put('sprite.svg', `<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>\n`)
  return symbols.length
}

function report(icons) {
  let total = 0
  for (const name of ['sportello.css', 'sprite.svg', ...weights.map(([weight]) => `fonts/titillium-${weight}.woff2`)]) {
    const bytes = readFileSync(join(out, name))
    const sent = name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length
    total += sent
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
    console.log(`${name.padEnd(26)} ${String(bytes.length).padStart(8)} bytes ${String(sent).padStart(8)} sent  ${digest}`)
  }
  console.log(`${icons} icons; first page without its HTML: ${(total / 1000).toFixed(1)} kB (limit ${firstPageLimit / 1000} kB with it)`)
  if (total > firstPageLimit - 15_000) throw new Error('the first page would exceed its limit')
}

mkdirSync(out, { recursive: true })
const files = sources()
fonts()
await styles(files)
const icons = sprite(files)
put('favicon.svg', readFileSync(join(here, 'favicon.svg')))
put('bootstrap-italia.txt', readFileSync(join(italia, 'LICENSE')))
console.log(`read ${files.length} files, wrote ${relative(root, out)}`)
report(icons)
