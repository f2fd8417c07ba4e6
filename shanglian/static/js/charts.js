/* Charts: <div class="chart" data-chart="trajectory" data-src="ID of a json_script" data-fallback="ID of a template">.
   The options come as JSON from the server, words and formatted figures included, so that nothing is translated here.
   Every chart stands beside a table with the same figures; when the library is missing a sentence points to it.
   Canvas renderer and richText tooltip: the HTML tooltip writes style attributes, which the policy forbids. */
(function () {
  'use strict';
  var makers = {}, live = [];

  function v(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function narrow() { return window.innerWidth < 768; }
  function round(x, places) { return x.toFixed(places); }
  function grouped(x) { return x == null ? '—' : Number(x).toLocaleString('en-US', { maximumFractionDigits: 2 }); }
  function signed(x) { return (x > 0 ? '+' : x < 0 ? '−' : '') + round(Math.abs(x), 1); }

  function theme() {
    var axis = {
      axisLine: { lineStyle: { color: v('--c-line-strong') } }, axisTick: { show: false },
      axisLabel: { color: v('--v-axis'), fontSize: 12, fontFamily: v('--f-sans') },
      splitLine: { lineStyle: { color: v('--v-grid') } }
    };
    return {
      color: [1, 2, 3, 4, 5, 6].map(function (i) { return v('--v-' + i); }),
      backgroundColor: 'transparent',
      textStyle: { fontFamily: v('--f-sans'), color: v('--c-ink'), fontSize: 12 },
      categoryAxis: Object.assign({}, axis, { splitLine: { show: false } }),
      valueAxis: Object.assign({}, axis, { axisLine: { show: false } }),
      tooltip: {
        renderMode: 'richText', confine: true, backgroundColor: v('--c-surface'), borderColor: v('--c-line-strong'), borderWidth: 1,
        textStyle: { color: v('--c-ink'), fontSize: 13, lineHeight: 20 }, padding: [8, 12]
      }
    };
  }

  /* a round step and rounded ends; a line's axis may start above 0 */
  function range(values) {
    var low = Math.min.apply(null, values), high = Math.max.apply(null, values), spread = high - low || Math.abs(high) || 1;
    var power = Math.pow(10, Math.floor(Math.log10(spread / 4))), step = power;
    [1, 2, 5, 10].some(function (factor) { step = power * factor; return spread / step <= 6; });
    var from = Math.floor((low - spread * .05) / step) * step;
    return { min: low >= 0 ? Math.max(0, from) : from, max: Math.ceil((high + spread * .05) / step) * step, step: step };
  }

  function endMark(text, color, symbol, size, at) {
    return { symbol: symbol, symbolSize: size, itemStyle: { color: color }, data: [{ coord: at }], silent: true,
      label: { show: !narrow() && !!text, position: 'right', distance: 8, color: color, fontSize: 12, formatter: text } };
  }

  function dashed(name, values, color, pattern, width) {
    return { name: name, type: 'line', data: values, symbol: 'none', lineStyle: { color: color, type: pattern, width: width }, itemStyle: { color: color }, connectNulls: true };
  }

  function lastIndex(values) { return values.reduce(function (found, x, i) { return x == null ? found : i; }, -1); }

  /* every n-th label, so that the last one is shown too if n can divide the distance */
  function everyNth(gaps, wanted) {
    var least = Math.max(1, Math.ceil(gaps / wanted));
    for (var n = least; n <= least * 2; n += 1) if (gaps % n === 0) return n;
    return least;
  }

  /* data: {x, plan, actual, mid?, low?, high?, words: {actual, plan, forecast, target_label, forecast_label, actual_label},
     axis: {divisor, suffix, places}} - all arrays have the length of x, null where there is nothing */
  makers.trajectory = function (d) {
    var words = d.words, axis = d.axis || { divisor: 1, suffix: '', places: 0 };
    var every = [d.plan, d.actual, d.low || [], d.high || [], d.mid || []].reduce(function (all, some) { return all.concat(some); }, []).filter(function (x) { return x != null; });
    var fit = range(every), last = lastIndex(d.actual), end = lastIndex(d.plan), stride = everyNth(d.x.length - 1, narrow() ? 4 : 8), series = [];

    if (d.low && d.high) {
      var clear = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true };
      series.push(Object.assign({ name: 'low', data: d.low }, clear));
      series.push(Object.assign({ name: 'band', data: d.high.map(function (x, i) { return x == null ? null : x - d.low[i]; }), areaStyle: { color: v('--v-band') } }, clear));
    }
    var plan = dashed(words.plan, d.plan, v('--v-plan'), [6, 4], 2);
    if (end >= 0) plan.markPoint = endMark(words.target_label, v('--v-plan'), 'diamond', 13, [end, d.plan[end]]);
    if (plan.markPoint) plan.markPoint.label.color = v('--c-ink-2');
    var stop = d.mid ? lastIndex(d.mid) : -1, apart = stop === end && stop >= 0 ? d.plan[end] - d.mid[stop] : null;
    /* two labels at one height would cover each other */
    var shift = apart != null && Math.abs(apart) < (fit.max - fit.min) * .07 ? (apart < 0 ? 9 : -9) : 0;
    if (plan.markPoint) plan.markPoint.label.offset = [0, shift];
    series.push(plan);
    if (d.mid) {
      var ahead = dashed(words.forecast, d.mid, v('--v-forecast'), [2, 3], 2.5);
      if (stop >= 0) ahead.markPoint = endMark(words.forecast_label, v('--v-forecast'), 'circle', 8, [stop, d.mid[stop]]);
      if (ahead.markPoint) ahead.markPoint.label.offset = [0, -shift];
      series.push(ahead);
    }
    series.push({ name: words.actual, type: 'line', data: d.actual, symbol: 'circle', symbolSize: 6, connectNulls: true, lineStyle: { color: v('--v-actual'), width: 3 }, itemStyle: { color: v('--v-actual') },
      markPoint: last < 0 ? undefined : { symbol: 'circle', symbolSize: 11, silent: true, data: [{ coord: [last, d.actual[last]] }], itemStyle: { color: v('--v-actual'), borderColor: v('--c-surface'), borderWidth: 2 },
        label: { show: true, position: 'bottom', distance: 9, color: v('--v-actual'), fontSize: 13, fontWeight: 600, formatter: words.actual_label || grouped(d.actual[last]) } } });

    return {
      animation: false, grid: { left: 56, right: narrow() ? 16 : 104, top: 22, bottom: 28 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'line', lineStyle: { color: v('--c-line-strong') } },
        formatter: function (points) {
          var i = points[0].dataIndex, lines = [d.x[i]], plan = d.plan[i], actual = d.actual[i], share = axis.suffix === '%';
          function said(x) { return grouped(x) + (share ? '%' : ''); }
          if (plan != null) lines.push(words.plan + '  ' + said(plan));
          if (actual != null) lines.push(words.actual + '  ' + said(actual) + (plan ? ' (' + (share ? signed(actual - plan) : signed((actual / plan - 1) * 100) + '%') + ')' : ''));
          if (d.mid && d.mid[i] != null && i > last) lines.push(words.forecast + '  ' + said(d.mid[i]) + (d.low && d.low[i] != null ? ' (' + said(d.low[i]) + ' – ' + said(d.high[i]) + ')' : ''));
          return lines.join('\n');
        } },
      xAxis: { type: 'category', boundaryGap: false, data: d.x, axisLabel: { interval: 0, fontSize: narrow() ? 11 : 12, formatter: function (text, i) { return i % stride === 0 ? text : ''; } } },
      yAxis: { type: 'value', min: fit.min, max: fit.max, interval: fit.step, axisLabel: { formatter: function (x) { return (axis.divisor === 1 ? grouped(x) : round(x / axis.divisor, axis.places)) + axis.suffix; } } },
      series: series
    };
  };

  /* data: {areas: [{code, level, label}]}; boundaries come from data-geo as GeoJSON whose features carry `code`.
     Colours are those of the tiles; the legend and the links stand in the page. */
  makers.map = function (d) {
    return {
      animation: false,
      series: [{
        type: 'map', map: 'areas', nameProperty: 'code', roam: false, selectedMode: false, silent: true,
        label: { show: true, color: v('--v-map-label'), fontSize: narrow() ? 10 : 12, lineHeight: 16, formatter: function (p) { return p.data ? p.data.label : ''; } },
        itemStyle: { borderColor: v('--v-map-line'), borderWidth: 1.2, areaColor: v('--c-surface-3') },
        data: d.areas.map(function (area) { return { name: area.code, label: area.label, value: area.level, itemStyle: area.level ? { areaColor: v('--v-div-' + area.level) } : {} }; })
      }]
    };
  };

  function fallback(el) {
    var template = document.getElementById(el.dataset.fallback);
    el.textContent = '';
    if (template) el.appendChild(template.content.cloneNode(true));
  }

  function draw(el) {
    var data = JSON.parse(document.getElementById(el.dataset.src).textContent), maker = makers[el.dataset.chart];
    el.textContent = '';
    el.setAttribute('role', 'img');
    var chart = window.echarts.init(el, theme(), { renderer: 'canvas' });
    chart.setOption(maker(data, el));
    /* its place also changes when a table beside it has found its width (app.js), after the window's own event */
    var watch = new ResizeObserver(function () { chart.resize(); });
    watch.observe(el);
    live.push({ chart: chart, el: el, maker: maker, data: data, watch: watch });
  }

  function withBoundaries(el) {
    fetch(el.dataset.geo).then(function (answer) { if (!answer.ok) throw answer; return answer.json(); })
      .then(function (areas) { window.echarts.registerMap('areas', areas); draw(el); })
      .catch(function () { fallback(el); });
  }

  function all() {
    document.querySelectorAll('[data-chart]').forEach(function (el) {
      if (!window.echarts || !makers[el.dataset.chart]) { fallback(el); return; }
      if (el.dataset.geo) { withBoundaries(el); return; }
      try { draw(el); } catch (error) { fallback(el); }
    });
  }

  function fit() { live.forEach(function (one) { one.chart.resize(); one.chart.setOption(one.maker(one.data, one.el), true); }); }
  function again() { live.splice(0).forEach(function (one) { one.watch.disconnect(); one.chart.dispose(); }); all(); }

  window.addEventListener('resize', fit);
  window.addEventListener('beforeprint', fit);
  window.addEventListener('afterprint', fit);
  document.addEventListener('shanglian:theme', again);
  all();
})();
