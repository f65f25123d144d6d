/** What a person sees who opens the server's address in a browser. */
export const frontPage = (version: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>OpenPersonalize</title></head>
<body>
<h1>OpenPersonalize ${version}</h1>
<p>This is the endpoint of a recommendation service that speaks the APIs of Amazon Personalize, Personalize Events and
Personalize Runtime. Point any AWS client at this address, for example:</p>
<pre>aws personalize list-recipes --endpoint-url http://…</pre>
<p><a href="/healthz">/healthz</a> says whether it is up, <a href="/metrics">/metrics</a> how it is doing (for
Prometheus).</p>
</body>
</html>
`;
