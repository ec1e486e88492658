using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VptDsl.Data;

namespace VptDsl.Serving.Http;

/// <summary>Takes an image from a request, within the bounds, and looks at its header before anything is decoded.</summary>
internal static class ImageBody
{
    /// <summary>What a form may have around the file.</summary>
    private const int FormBytes = 64 << 10;

    /// <summary>RFC 2046, 5.1.1.</summary>
    private const int LongestBoundary = 70;

    /// <exception cref="RequestProblem">There is no image that may be read; says what is wrong with it.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, TaskServingOptions options, CancellationToken cancellation)
    {
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        bool isForm = type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;
        if (!isForm && !IsImage(type))
            throw Unsupported($"The body is {type}; send an image's bytes, or a form with a file.");
        long room = (long)options.MaxImageBytes + (isForm ? FormBytes : 0);
        if (request.ContentLength > room)
            throw TooLarge(options);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = room + 1;
        await using var body = new IncomingBody(request);
        ReadOnlyMemory<byte> image = isForm
            ? await ReadFormAsync(body, type!, options, cancellation).ConfigureAwait(false)
            : await ReadAsync(body, (int?)request.ContentLength, options, cancellation).ConfigureAwait(false);
        RequireSize(image.Span, options);
        return image;
    }

    public static RequestProblem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, "Too large", detail);

    /// <summary>Programs that name no type, or a wrong general one, send images all the same.</summary>
    private static bool IsImage(MediaTypeHeaderValue? type) => type is null
        || type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    private static void RequireSize(ReadOnlySpan<byte> image, TaskServingOptions options)
    {
        if (image.IsEmpty)
            throw new RequestProblem(StatusCodes.Status400BadRequest, "No image", "The body is empty: send an image file.");
        (int width, int height) = SizeOf(image);
        if ((long)width * height > options.MaxImagePixels)
            throw TooLarge($"The image claims {width}×{height} pixels; {options.MaxImagePixels} are read at most.");
    }

    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> image)
    {
        try
        {
            return ImageHeader.ReadSize(image);
        }
        catch (ImageDataException e)
        {
            throw Unsupported(e.Message);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadFormAsync(
        Stream body, MediaTypeHeaderValue type, TaskServingOptions options, CancellationToken cancellation)
    {
        string? boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary))
            throw BadForm("The form's content type names no boundary.");
        if (boundary.Length > LongestBoundary)
            throw BadForm($"The form's boundary has {boundary.Length} characters; {LongestBoundary} are the most.");
        try
        {
            var reader = new MultipartReader(boundary, body);
            while (await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false) is { } section)
            {
                if (section.AsFileSection()?.FileStream is { } file)
                    return await ReadAsync(file, null, options, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            throw BadForm($"The form cannot be read: {e.Message}");
        }

        throw new RequestProblem(StatusCodes.Status400BadRequest, "No image", "The form has no file.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream body, int? length, TaskServingOptions options, CancellationToken cancellation)
    {
        using var content = new MemoryStream(Math.Min(length ?? 0, options.MaxImageBytes));
        byte[] buffer = new byte[1 << 14];
        for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (content.Length + read > options.MaxImageBytes)
                throw TooLarge(options);
            content.Write(buffer.AsSpan(0, read));
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    private static RequestProblem TooLarge(TaskServingOptions options) =>
        TooLarge($"The image has more than {options.MaxImageBytes} bytes, the most that are read.");

    private static RequestProblem BadForm(string detail) => new(StatusCodes.Status400BadRequest, "Bad form", detail);

    private static RequestProblem Unsupported(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "No image that is read", detail);
}
