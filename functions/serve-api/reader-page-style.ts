/** Style of the reader page: light and dark, readable on a phone. */
export const readerPageStyle = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dfe7;--card:#fff;--back:#f4f6f9;--accent:#a6192e;--code:#eef1f5}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b5;--line:#333c48;--card:#1b2129;--back:#12161c;--accent:#ef8391;--code:#252d38}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
header{display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
header button{margin-left:auto}
h1{font-size:1.6rem;margin:0;color:var(--accent)}
h2{font-size:1.1rem;margin:2rem 0 .6rem}
h4{margin:1rem 0 .3rem;font-size:.9rem;color:var(--soft)}
a{color:var(--accent)}
.note{color:var(--soft);font-size:.9rem}
.panel,.op{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem 1rem;margin:.5rem 0}
.panel h2{margin-top:0}
.op>summary{cursor:pointer;display:flex;gap:.7rem;align-items:baseline;flex-wrap:wrap}
.sum{color:var(--soft)}
.lock{margin-left:auto;font-size:.75rem;color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 .4rem}
.verb{font:700 .75rem/1.6 ui-monospace,monospace;padding:.05rem .5rem;border-radius:4px;color:#fff;background:#1f6f4a}
.verb.post,.verb.put{background:#8a5a00}
code,pre,textarea{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85rem}
pre{background:var(--code);border-radius:6px;padding:.7rem;overflow:auto;max-height:28rem;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:.8rem 0 .3rem;color:var(--soft);font-size:.9rem;font-weight:700}
td{border-top:1px solid var(--line);padding:.35rem .5rem .35rem 0;vertical-align:top}
.need{color:var(--accent);font-size:.8rem}
input,select,textarea{width:100%;max-width:100%;font:inherit;padding:.35rem .5rem;border:1px solid var(--line);border-radius:6px;background:var(--back);color:var(--ink)}
.row{display:flex;gap:.5rem;flex-wrap:wrap}
.row select{flex:1 1 16rem}
button{font:inherit;padding:.35rem 1rem;border:1px solid var(--accent);border-radius:6px;background:var(--accent);color:var(--card);cursor:pointer}
button.quiet{background:none;color:var(--accent)}
.send{margin-top:.7rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;
