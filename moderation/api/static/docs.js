const place = document.getElementById("document");

window.SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  deepLinking: true,
  tryItOutEnabled: true,
});
