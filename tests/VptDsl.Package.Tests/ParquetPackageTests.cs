namespace VptDsl.Package.Tests;

/// <summary>Protects who references the package for Parquet files: what reads them comes with it.</summary>
public sealed class ParquetPackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_project_with_the_packages_alone_looks_into_a_file()
    {
        _consumer.WriteProject("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", packages: "VptDsl.Parquet");
        _consumer.Write("train-0.parquet", "PAR1 and no more PAR1");
        _consumer.Write("Program.cs", """
            using VptDsl.Data;
            using VptDsl.Parquet;

            try
            {
                ParquetImages.Read("train-*.parquet", Transforms.Vtab(8));
            }
            catch (ImageDataException e)
            {
                Console.WriteLine(e.Message.Contains("no Parquet file"));
            }
            """);
        Assert.Equal("True", _consumer.DotNet("run", "--project", "Consumer.csproj").Trim());
    }
}
