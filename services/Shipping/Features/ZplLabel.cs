using System.Globalization;
using System.Text;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>A label of 4 × 6 inches at 203 dpi in ZPL II. Rendered from the shipment whenever it is asked for, so it is always the same.</summary>
public static class ZplLabel
{
    public static string Render(Shipment it)
    {
        var to = it.ShipTo;
        string?[] address = [to.Name, to.Company, to.Line1, to.Line2, $"{to.City} {to.Region} {to.PostalCode}".Trim(), to.Country];
        var zpl = new StringBuilder();
        zpl.Append("^XA\n^CI28\n^PW812\n^LL1218\n");    // UTF-8; width and length in dots
        Text(zpl, x: 40, y: 40, height: 28, $"FROM {it.LocationId}");
        Text(zpl, x: 40, y: 80, height: 44, it.Service);
        zpl.Append("^FO40,140^GB732,4,4^FS\n");
        var y = 170;
        foreach (var line in address.Where(line => !string.IsNullOrEmpty(line)))
        {
            Text(zpl, x: 40, y, height: 40, line!);
            y += 50;
        }
        zpl.Append("^FO40,500^GB732,4,4^FS\n");
        zpl.Append(CultureInfo.InvariantCulture, $"^FO60,540^BY3^BCN,200,Y,N,N,A^FD{it.TrackingNumber}^FS\n");
        var weight = it.WeightGrams is { } grams ? $"   {grams} g" : "";
        Text(zpl, x: 40, y: 820, height: 28, $"{it.OrderNumber}   {it.Lines.Sum(line => line.Quantity)} pcs{weight}");
        Text(zpl, x: 40, y: 860, height: 24, it.LabelNumber);
        zpl.Append("^XZ\n");
        return zpl.ToString();
    }

    private static void Text(StringBuilder zpl, int x, int y, int height, string text) =>
        zpl.Append(CultureInfo.InvariantCulture, $"^FO{x},{y}^A0N,{height},{height}^FH_^FD{Escape(text)}^FS\n");

    // An address must not be able to command the printer: its commands begin with ^ or ~, and _ begins what is escaped here.
    private static string Escape(string text) => text.Replace("_", "_5F").Replace("^", "_5E").Replace("~", "_7E");
}
